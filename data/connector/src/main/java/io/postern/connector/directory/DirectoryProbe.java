package io.postern.connector.directory;

import io.postern.connector.directory.DirectoryReading.Warning;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks at a directory as the running connector would, and reads nobody: for `postern connector check`.
public final class DirectoryProbe {
    /// @param what the server is, a few words
    /// @param warnings what costs time or certainty there
    public record Seen(String what, List<Warning> warnings) {
        public Seen {
            warnings = List.copyOf(warnings);
        }
    }

    private DirectoryProbe() {}

    /// Asks one server of a directory, and waits for it.
    ///
    /// @throws DirectoryFault that says what is in the way
    public static Seen ask(DirectorySettings settings, URI url) {
        try (DirectoryConnection connection = DirectoryConnection.open(settings, url)) {
            RootEntry root = connection.root();
            var warnings = new ArrayList<Warning>();
            if (!root.isActive() || root.home().isEmpty()) {
                return new Seen("an LDAP server with " + String.join(", ", root.contexts()), warnings);
            }
            String home = root.home().get();
            rights(connection, home).ifPresent(warnings::add);
            deletions(connection, home).ifPresent(warnings::add);
            return new Seen("Active Directory, domain " + home, warnings);
        }
    }

    static Optional<Warning> rights(DirectoryConnection connection, String home) {
        return new DirSync(connection, home).now().isPresent() ? Optional.empty() : Optional.of(withoutRight(home));
    }

    /// Who does not see deleted objects, is told nothing of them and no fault either.
    static Optional<Warning> deletions(DirectoryConnection connection, String home) {
        String bin = "CN=Deleted Objects," + home;
        boolean isSeen = connection
                .entry("reading '" + bin + "'", bin, new String[] {"objectGUID"}, UsnChanges.SHOW_DELETED)
                .filter(entry -> entry.hasAttribute("objectGUID")) // some show that it is there, and nothing of it
                .isPresent();
        return isSeen
                ? Optional.empty()
                : Optional.of(new Warning(
                        "no-deletions",
                        "the account may not list '" + bin + "', so it is not told what was deleted; every cycle reads"
                                + " everything",
                        "as a domain administrator: dsacls \"" + bin + "\" /takeownership, then dsacls \"" + bin
                                + "\" /g ACCOUNT:LCRP"));
    }

    static Warning withoutRight(String home) {
        return new Warning(
                "no-dirsync",
                "the account has not the right 'Replicating Directory Changes' at '" + home + "'; changes are found by"
                        + " their numbers, which only one domain controller knows",
                "grant it: dsacls \"" + home + "\" /g \"ACCOUNT:CA;Replicating Directory Changes\"");
    }
}
