package io.postern.connector.directory;

import io.postern.connector.directory.DirectoryFault.Code;
import java.util.Base64;
import java.util.Optional;

/// Where a read ended, so that the next one can go on from there. For the service a text without meaning.
sealed interface DirectoryCursor {
    /// Of the server's own kind; every controller of the domain understands it.
    ///
    /// @param cookie in base64
    record DirSync(String cookie) implements DirectoryCursor {
        static DirSync of(byte[] cookie) {
            return new DirSync(Base64.getEncoder().encodeToString(cookie));
        }

        byte[] bytes() {
            return Base64.getDecoder().decode(cookie);
        }
    }

    /// The number of the last change, counted by one controller alone.
    record Usn(String invocation, long last) implements DirectoryCursor {}

    /// @param scope that was read; a cursor is good for no other
    default String text(DirectoryScope scope) {
        return switch (this) {
            case DirSync(String cookie) -> "dirsync:" + scope.digest() + ":" + cookie;
            case Usn(String invocation, long last) -> "usn:" + scope.digest() + ":" + invocation + ":" + last;
        };
    }

    /// @return empty when there is none
    /// @throws DirectoryFault when it is of another scope, or is no cursor
    static Optional<DirectoryCursor> of(DirectoryJob job) {
        return job.cursor().map(text -> {
            String[] parts = text.split(":", -1);
            if (parts.length < 3 || !parts[1].equals(job.scope().digest())) {
                throw expired("bases, filters or attributes have changed since the last cycle");
            }
            try {
                if (parts[0].equals("dirsync") && parts.length == 3) {
                    return DirSync.of(Base64.getDecoder().decode(parts[2]));
                }
                if (parts[0].equals("usn") && parts.length == 4) {
                    return new Usn(parts[2], Long.parseLong(parts[3]));
                }
            } catch (IllegalArgumentException e) {
                throw expired("its text is damaged");
            }
            throw expired("it is of an unknown kind");
        });
    }

    static DirectoryFault expired(String why) {
        return new DirectoryFault(
                Code.CURSOR_EXPIRED,
                "what changed since the last cycle cannot be told: " + why,
                "nothing needs to be done; the next cycle reads everything");
    }
}
