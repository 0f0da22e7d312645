"""Flask: FHIR, JSON, webhooks, the patient's form, the clinic's pages and operations."""
