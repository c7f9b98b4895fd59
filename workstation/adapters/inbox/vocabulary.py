"""Names of the package format v1: code systems, extensions and the words it knows."""

from __future__ import annotations

ROOT = "urn:derm-workstation:intake:"

ANSWER = ROOT + "answer"
CHART = ROOT + "chart"
COURSE_FORMULATION = ROOT + "formulation"
CONSENT = ROOT + "consent"
FASTING = ROOT + "fasting"
HOURS_SINCE_ALCOHOL = ROOT + "hours-since-alcohol"
MAPS = ROOT + "maps"
REMS_ID = ROOT + "rems-patient"
REQUEST = ROOT + "request"
ROLE = ROOT + "role"
SETTING = ROOT + "setting"
SHA256 = ROOT + "sha256"
VIEW = ROOT + "view"
VISIT = ROOT + "visit"
WEIGHT = ROOT + "weight"

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
RELATION = "http://terminology.hl7.org/CodeSystem/v2-0131"
CONSENT_SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
ALLERGY_STATUS = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
ALLERGY_CHECK = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
NAME_WRITING = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"

RESULT_WORDS = {
    "260385009": "negative",
    "10828004": "positive",
    "42425007": "equivocal",
}
NO_KNOWN_ALLERGY = "716186003"
NO_MEDICINE = "787481004"

ROLES = ("baseline", "during", "repeat", "T1", "T2", "monthly", "end", "post")
SETTINGS = ("medical", "home")
FORMULATIONS = ("conventional", "lidose", "micronized")

CONSENT_FACTS = {
    "treatment": "consent.patient_on",
    "guardian": "consent.guardian_on",
    "minor-signature": "consent.minor_signature_on",
    "rems": "rems.consent_on",
}
# Facts that a clinic's own record may state; all others are the patient's or the clinician's.
CHART_FACTS = frozenset(
    {
        "pregnancy.category",
        "pregnancy.test.process_on",
        "rems.patient_enrolled",
        "rems.prescriber_enrolled",
        "rems.pharmacy_certified",
        "follow_up.counselled",
    }
)
