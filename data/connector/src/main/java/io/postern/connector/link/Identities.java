package io.postern.connector.link;

import io.netty.handler.ssl.SslContext;
import io.postern.tunnel.TunnelEnd;
import io.postern.tunnel.TunnelRefusal;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The identity by which tunnels are dialled, and the one before while the service has not taken it yet. An era
/// begins with each change of what a tunnel's hello or certificate says; tunnels know theirs. Confined to the
/// link's loop.
final class Identities {
    /// Another identity that no tunnel has used yet.
    ///
    /// @param before to be taken back when the service does not know the new one
    /// @param since of before
    private record Trying(SslContext before, int since, CompletableFuture<Void> used) {}

    private SslContext tls;
    private int era;
    private int since; // tunnels of an earlier era serve only until their successors do
    private Optional<Trying> trying = Optional.empty();

    Identities(SslContext tls) {
        this.tls = tls;
    }

    SslContext tls() {
        return tls;
    }

    int era() {
        return era;
    }

    void beginEra() {
        era++;
    }

    /// A tunnel of that era needs no successor.
    boolean isOfTheDay(int eraOfTunnel) {
        return eraOfTunnel >= since;
    }

    /// The service has still to show that it knows the identity in use.
    boolean isTrying() {
        return trying.isPresent();
    }

    /// @param used done when a tunnel of the new identity serves; fails when the service does not know it
    void become(SslContext identity, CompletableFuture<Void> used) {
        trying.ifPresent(other -> other.used.cancel(false));
        trying = Optional.of(new Trying(
                trying.map(Trying::before).orElse(tls),
                trying.map(Trying::since).orElse(since),
                used));
        tls = identity;
        beginEra();
        since = era;
    }

    void onUsed() {
        trying.ifPresent(t -> t.used.complete(null));
        trying = Optional.empty();
    }

    /// The service does not know the identity in use: if it is a new one, the one before is taken back.
    void onUnknown(TunnelEnd why) {
        trying.ifPresent(refused -> {
            trying = Optional.empty();
            tls = refused.before;
            since = refused.since;
            beginEra();
            refused.used.completeExceptionally(new TunnelRefusal(why));
        });
    }
}
