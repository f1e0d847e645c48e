package io.postern.run.connector.directory;

import io.postern.connector.directory.DirectoryEntry;
import io.postern.connector.directory.DirectorySink;
import io.postern.run.connector.directory.DirectoryService.JobLost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Gathers entries and sends them page by page. One page is on its way at a time, and the reader waits for
/// it: no more than that is held. Confined to the thread that reads, but for [#isSilentFor(Duration)] and
/// [#loseBecause(String)].
final class DirectoryPages implements DirectorySink {
    private static final int BYTES_MAX = 1 << 20;
    private static final int MEMBERS_MAX = 5000;

    private final DirectoryService service;
    private final Patience patience;
    private final String job;
    private final int entriesMax;
    private final StringBuilder page = new StringBuilder();
    private int entries;
    private int bytes;
    private int members;
    private int sequence;
    private long sent;
    private volatile long silentSince = System.nanoTime();
    private volatile String lost = "";

    DirectoryPages(DirectoryService service, Patience patience, String job, int entriesMax) {
        this.service = service;
        this.patience = patience;
        this.job = job;
        this.entriesMax = entriesMax;
    }

    @Override
    public void take(DirectoryEntry entry) {
        String json = DirectoryWire.entry(entry);
        int size = json.getBytes(StandardCharsets.UTF_8).length;
        int more = entry.members().map(m -> m.add().size() + m.remove().size()).orElse(0);
        if (entries > 0 && (entries == entriesMax || bytes + size > BYTES_MAX || members + more > MEMBERS_MAX)) {
            send();
        }
        if (entries > 0) {
            page.append(',');
        }
        page.append(json);
        entries++;
        bytes += size;
        members += more;
    }

    /// What is left; also when that is nothing.
    void finish() {
        if (entries > 0) {
            send();
        }
    }

    private void send() {
        requireHeld();
        String body = page.toString();
        int number = sequence;
        patience.with(() -> service.page(job, number, body));
        sent += entries;
        sequence++;
        entries = 0;
        bytes = 0;
        members = 0;
        page.setLength(0);
        silentSince = System.nanoTime();
    }

    void requireHeld() {
        patience.requireTime();
        if (!lost.isEmpty()) {
            throw new JobLost(lost);
        }
    }

    /// Nothing more is sent.
    void loseBecause(String reason) {
        lost = reason;
    }

    boolean isSilentFor(Duration time) {
        return System.nanoTime() - silentSince > time.toNanos();
    }

    /// Entries that the service has taken.
    long sent() {
        return sent;
    }

    int pages() {
        return sequence;
    }
}
