package io.postern.domain.event;

import java.util.List;

/// Exchanges that ended about the same time, in the order in which they ended: the argument of one event
/// of the log `access`, so that a busy gateway costs one write for many lines.
public record AccessBatch(List<AccessEvent> events) {
    public AccessBatch {
        events = List.copyOf(events);
    }

    /// Short: loggers ask for the text of every argument, and what is written is made of the events.
    @Override
    public String toString() {
        return events.size() + " exchanges";
    }
}
