"""Names of the kinds of work that scoring asks for."""

SCORE_DEMAND, SCORE_TECHNOLOGY, RENEW_REFERENCE = "score_demand", "score_technology", "renew_reference"
