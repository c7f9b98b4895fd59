"""The lab-monitoring plan: tests, thresholds to actions, protocols, the plan and the work-up."""

from __future__ import annotations

from workstation.domain.laboratory import (
    Combined,
    LabTest,
    ThresholdBand,
    Thresholds,
    action_for,
    combined_findings,
    limit_missing,
    own_value,
    preparation,
    times_limit,
)
from workstation.domain.plan import (
    Course,
    plan_tests,
)
from workstation.domain.protocols import (
    NOT_IN_PROTOCOL,
    BaselineAge,
    Enrolment,
    MonitoringPlan,
    MoreNeeded,
    PlannedTest,
    PlanRules,
    Protocol,
    ProtocolChoice,
    answers,
    baseline_age,
    baseline_result,
    baseline_window,
    choose_protocol,
    more_needed,
    not_in_protocol,
)
from workstation.domain.work_up import (
    WorkUp,
    WorkUpStep,
    WorkUpTest,
    plan_work_up,
)

__all__ = [
    "BaselineAge",
    "Combined",
    "Course",
    "Enrolment",
    "LabTest",
    "MonitoringPlan",
    "MoreNeeded",
    "NOT_IN_PROTOCOL",
    "PlanRules",
    "PlannedTest",
    "Protocol",
    "ProtocolChoice",
    "ThresholdBand",
    "Thresholds",
    "WorkUp",
    "WorkUpStep",
    "WorkUpTest",
    "action_for",
    "answers",
    "baseline_age",
    "baseline_result",
    "baseline_window",
    "choose_protocol",
    "combined_findings",
    "limit_missing",
    "more_needed",
    "not_in_protocol",
    "own_value",
    "plan_tests",
    "plan_work_up",
    "preparation",
    "times_limit",
]
