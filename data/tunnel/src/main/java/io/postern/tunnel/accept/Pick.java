package io.postern.tunnel.accept;

import io.postern.tunnel.Tunnel;

/// A tunnel chosen for one exchange. Until one of the `on…` methods is called the exchange counts among those
/// that wait at its connector, so one must be, in the end; the first counts, more do no harm. Confined to the
/// exchange's loop.
public final class Pick {
    private final ConnectorProcess connector;
    private final Standing standing;
    private final Tunnel tunnel;
    private final long startedNanos;
    private boolean over;
    private boolean refused;

    Pick(ConnectorProcess connector, Standing standing, Tunnel tunnel, long nowNanos) {
        this.connector = connector;
        this.standing = standing;
        this.tunnel = tunnel;
        this.startedNanos = nowNanos;
        connector.enter();
    }

    public Tunnel tunnel() {
        return tunnel;
    }

    /// The backend's answer has begun.
    ///
    /// @param timely it took as long as connector and backend took, and no client's upload
    public void onAnswered(boolean timely) {
        if (!over) {
            long now = System.nanoTime();
            if (timely) {
                standing.onAnswered(now - startedNanos, now);
            } else {
                standing.onWell();
            }
            onOver();
        }
    }

    /// This connector cannot do it now, another might: it is too busy, or cannot reach the backend.
    public void onRefused() {
        if (!over) {
            refused = true;
            standing.onRefused(System.nanoTime());
            onOver();
        }
    }

    /// The end, without a word about the connector.
    public void onOver() {
        if (!over) {
            over = true;
            connector.leave();
        }
    }

    ConnectorProcess connector() {
        return connector;
    }

    /// Its other tunnels would lead to the same.
    boolean isRefusedByConnector() {
        return refused;
    }
}
