"""Who may use the sample services: whoever has a token, of people or of machines."""

from chalice.app import CognitoUserPoolAuthorizer

people = CognitoUserPoolAuthorizer("people", provider_arns=["from the template"])
anyone = people.with_scopes(["sahip/api", "sahip/integration"])
machines = people.with_scopes(["sahip/integration"])
