/// Passwords that a directory inside a customer's network checks: whose they are, and where connectors and sign-ins
/// meet. Knows neither pages nor HTTP: identity asks, admin's door for connectors answers.
package io.postern.account.onpremises;
