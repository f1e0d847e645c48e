package io.postern.bench;

/// The two backends behind every peer.
enum Origin {
    /// nginx with static files `/1k`, `/50k`, `/100m`.
    FILES("/"),
    /// Our own: takes uploads, echoes WebSockets, all below `/live/`.
    LIVE("/live/");

    private final String prefix;

    Origin(String prefix) {
        this.prefix = prefix;
    }

    /// Begins with a slash and ends with one.
    String prefix() {
        return prefix;
    }
}
