package io.postern.domain.links;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What one node has seen of an application's links.
///
/// @param since when the last recording began; empty where there was none, or it was dropped
/// @param until when it ends or has ended
/// @param answers looked at in it
/// @param complete false: there were more different links than are kept
/// @param links in it
/// @param passed answers whose links were not looked for: in the recording, or at any time since the node started
///     where translation is on
public record LinkReport(
        Optional<Instant> since,
        Optional<Instant> until,
        long answers,
        boolean complete,
        List<SeenLink> links,
        List<SeenAnswer> passed) {
    public static final LinkReport NONE =
            new LinkReport(Optional.empty(), Optional.empty(), 0, true, List.of(), List.of());

    public LinkReport {
        links = List.copyOf(links);
        passed = List.copyOf(passed);
    }
}
