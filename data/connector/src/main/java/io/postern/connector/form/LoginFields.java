package io.postern.connector.form;

import java.util.Optional;

/// Names of the fields by which a sign-on form is known again.
///
/// @param user absent where the form asks for a password only
record LoginFields(Optional<String> user, String password) {}
