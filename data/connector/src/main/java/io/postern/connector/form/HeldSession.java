package io.postern.connector.form;

import java.time.Instant;

/// Sessions at applications that belong to one session of a user at the gateway.
///
/// @param user object id
/// @param session of the user at the gateway
/// @param begun the first of them
public record HeldSession(String user, String session, Instant begun) {}
