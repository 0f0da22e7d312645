"""The FHIR R4 door: one table of interactions gives both the routes and the CapabilityStatement."""
