"""Why a sample that the baseline has was not compared although it is still there: what it is, in words after "is"."""

IN_QUARANTINE = "in quarantine"
EXCLUDED = "excluded by the audit"
NOT_MEANT = "no longer meant for the model"
NOT_CHOSEN = "not chosen"
NOT_JUDGED = "not supported by the judge"
NO_RESULT = "without a result of this run"
