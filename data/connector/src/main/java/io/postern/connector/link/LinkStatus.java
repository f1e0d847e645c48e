package io.postern.connector.link;

/// How the connector stands towards the service, at one moment.
///
/// @param tunnels ready for exchanges
/// @param wanted how many there should be
/// @param backends published to this connector
/// @param problem why the last try failed; empty while all is well
public record LinkStatus(int tunnels, int wanted, int backends, String problem) {
    public boolean isReady() {
        return tunnels > 0 && tunnels >= wanted;
    }
}
