package io.postern.gateway.intake;

import java.util.Locale;

/// Why a request was not taken.
public enum Refusal {
    /// As many wait in this process as may.
    PROCESS,
    /// As many wait for this application as may.
    APPLICATION,
    /// The event loop runs late.
    LATE,
    /// The memory for buffers is exhausted.
    MEMORY;

    /// Value of the metric label.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
