package io.postern.connector.form;

import java.util.Arrays;
import java.util.Optional;

/// How a user is signed in at an application, and as whom. Closed when it is done with, which wipes the password.
///
/// @param version another one when anything of it has changed
/// @param host for the field `Host`; absent: the backend's own
/// @param password UTF-8
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Credential(String version, LoginSettings settings, Optional<String> host, String user, byte[] password)
        implements AutoCloseable {
    @Override
    public void close() {
        Arrays.fill(password, (byte) 0);
    }

    @Override
    public String toString() {
        return "Credential[redacted]";
    }
}
