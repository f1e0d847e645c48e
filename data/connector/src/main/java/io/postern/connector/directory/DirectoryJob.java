package io.postern.connector.directory;

import java.util.Optional;

/// What the service wants to know.
///
/// @param directory its name in `connector.yaml`
/// @param cursor where the last read ended, as [DirectoryReading.Outcome#cursor()] said it
/// @param pageEntries entries in one page at most
public record DirectoryJob(
        String id, String directory, Kind kind, Optional<String> cursor, DirectoryScope scope, int pageEntries) {
    public enum Kind {
        /// everything
        FULL,
        /// what changed since the cursor
        DELTA,
        /// everything, for somebody who looks at it and keeps nothing
        PREVIEW
    }
}
