/// What an application is told about a user: NameID, claims, groups and roles (3.4.1), as pure evaluation of rules that
/// an administrator wrote. SAML, WS-Federation and the optional claims of OpenID Connect all ask here.
package io.postern.domain.claims;
