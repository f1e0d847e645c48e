package io.postern.connector.directory;

import io.postern.connector.directory.DirectoryJob.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Does what a job asks for: reads the whole scope, or what changed (SYN-20, SYN-23). A change that was made while
/// everything
/// was read is told by the next delta, since the cursor is fetched before.
public final class DirectoryReading {
    /// Something that costs time or certainty, and has a remedy.
    public record Warning(String code, String message, String remedy) {}

    /// @param cursor for the next delta; empty: no delta would tell all, so the next read is a whole one too
    public record Outcome(Optional<String> cursor, List<Warning> warnings) {
        public Outcome {
            warnings = List.copyOf(warnings);
        }
    }

    private final DirectoryConnection connection;
    private final DirectoryJob job;
    private final DirectorySink sink;
    private final WholeReading whole;
    private final List<Warning> warnings = new ArrayList<>();

    private DirectoryReading(DirectoryConnection connection, DirectoryJob job, DirectorySink sink) {
        this.connection = connection;
        this.job = job;
        this.sink = sink;
        this.whole = new WholeReading(connection, job.scope(), sink);
    }

    /// Waits for the directory and for the sink.
    ///
    /// @throws DirectoryFault what was told before it is true, and not all
    public static Outcome read(DirectorySettings settings, DirectoryJob job, DirectorySink sink) {
        try (DirectoryConnection connection = DirectoryConnection.open(settings)) {
            return new DirectoryReading(connection, job, sink).read();
        }
    }

    private Outcome read() {
        Optional<String> home = connection.root().isActive() ? connection.root().home() : Optional.empty();
        if (job.kind() == Kind.DELTA) {
            return new Outcome(Optional.of(since(home).text(job.scope())), warnings);
        }
        boolean isForGood = job.kind() == Kind.FULL;
        Optional<DirectoryCursor> now =
                home.filter(h -> isForGood && changesTellAll(h)).map(this::now);
        whole.read();
        return new Outcome(now.map(cursor -> cursor.text(job.scope())), warnings);
    }

    /// @throws DirectoryFault also when only a whole read can tell what changed
    private DirectoryCursor since(Optional<String> home) {
        DirectoryCursor before = DirectoryCursor.of(job)
                .orElseThrow(() -> DirectoryCursor.expired("the service does not say where the last cycle ended"));
        if (home.isEmpty() || !changesTellAll(home.get())) {
            throw DirectoryCursor.expired(
                    warnings.isEmpty()
                            ? "the server keeps no changes"
                            : warnings.getFirst().message());
        }
        return since(before, home.get())
                .orElseThrow(() -> DirectoryCursor.expired(
                        "an OU or container was renamed or moved, and nothing at the objects below tells of it"));
    }

    private Optional<DirectoryCursor> since(DirectoryCursor before, String home) {
        var changed = new ChangedObjects(connection, home, job.scope(), whole, sink);
        return switch (before) {
            case DirectoryCursor.DirSync cookie -> new DirSync(connection, home).since(cookie, job.scope(), changed);
            case DirectoryCursor.Usn usn -> {
                warnings.add(DirectoryProbe.withoutRight(home));
                yield new UsnChanges(connection, home).since(usn, changed);
            }
        };
    }

    private DirectoryCursor now(String home) {
        Optional<DirectoryCursor> bySync = new DirSync(connection, home).now();
        if (bySync.isPresent()) {
            return bySync.get();
        }
        warnings.add(DirectoryProbe.withoutRight(home));
        return new UsnChanges(connection, home).now();
    }

    /// Who does not see deleted objects, is told nothing and no fault either: only a whole read shows what is
    /// gone.
    private boolean changesTellAll(String home) {
        if (job.scope().looksBack()) {
            warnings.add(new Warning(
                    "no-delta",
                    "a filter asks for memberOf, which changes at groups and not at their members; every cycle reads"
                            + " everything",
                    "choose people by another attribute, or by OU"));
            return false;
        }
        Optional<Warning> blind = DirectoryProbe.deletions(connection, home);
        blind.ifPresent(warnings::add);
        return blind.isEmpty();
    }
}
