/// The identity provider: mounts its endpoints on the login host, once. Owns sign-in, browser sessions,
/// signing keys, authorization codes and tokens. Knows nothing of published applications beyond their
/// registration: admitting requests to them is the gateway's. Floor 4.
///
/// Rooms: `.protocol` OAuth vocabulary and faults, `.key` signing keys, `.session` the browser session,
/// `.signin` passwords and lockout, `.oidc` one class per endpoint.
package io.postern.identity;
