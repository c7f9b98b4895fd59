"""What two or more of the courses say of their patients: chart, consents, answers that stay."""

from __future__ import annotations

from datetime import date
from typing import Any

SIGNED = {"treatment": "2026-01-05", "rems": "2026-01-07"}


def chart(category: str) -> dict[str, Any]:
    """A patient of that category, everybody enrolled."""
    return {
        "pregnancy.category": category,
        "rems.patient_enrolled": True,
        "rems.prescriber_enrolled": True,
        "rems.pharmacy_certified": True,
    }


CAN: dict[str, Any] = {
    "contact-phone": "+1 503 555 0190",
    "contact-location": "At home",
    "patient-weight": 60,
    "pregnancy-potential": "yes",
    "pregnancy-uterus": True,
    "pregnancy-ovaries": True,
    "pregnancy-cycle": "regular",
    "contraception-methods": ("combined_pill", "male_condom"),
    "contraception-started": date(2026, 1, 6),
    "medicines-now": ("combined_ocp",),
    "course-failed": ("topical", "antibiotic_oral"),
    "consent-patient-on": date(2026, 1, 5),
}
"""Of who can become pregnant."""
