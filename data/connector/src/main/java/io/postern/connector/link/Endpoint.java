package io.postern.connector.link;

import io.postern.base.HostPort;
import io.postern.tunnel.TunnelEnd;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/// One address of the service, where dialling it has led, and how it goes. Confined to the link's loop.
final class Endpoint {
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);

    /// Short, so that a service that comes back after an hour is used again within seconds; jitter keeps
    /// even thousands of connectors from being a burden.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /// Where only a person can mend it: no common version, unknown certificate.
    private static final Duration SELDOM = Duration.ofMinutes(1);

    final HostPort service;
    final InetSocketAddress address;
    private final Backoff soon;
    private final Backoff seldom;
    private final Set<String> nodes = new LinkedHashSet<>();
    private boolean tried;
    private boolean waiting;
    private int dialling;
    private int redials;

    /// @param address unresolved where the way to the service finds it by name
    Endpoint(HostPort service, InetSocketAddress address, RandomGenerator random) {
        this.service = service;
        this.address = address;
        this.soon = new Backoff(FIRST_WAIT, LONGEST_WAIT, random);
        this.seldom = new Backoff(FIRST_WAIT, SELDOM, random);
    }

    /// Nodes that answered here and are not known to have gone: one, except behind a balancer.
    Set<String> nodes() {
        return nodes;
    }

    boolean leadsTo(String node) {
        return nodes.contains(node);
    }

    /// It has been dialled once, with whatever result.
    boolean isTried() {
        return tried;
    }

    boolean isWaiting() {
        return waiting;
    }

    boolean isFailing() {
        return soon.isFailing();
    }

    int dialling() {
        return dialling;
    }

    void onDial() {
        dialling++;
    }

    void onDialled() {
        dialling--;
        tried = true;
    }

    void onNode(String node) {
        nodes.add(node);
    }

    void forget(String node) {
        nodes.remove(node);
    }

    /// Another throw of the dice, after a tunnel that was not needed where it ended.
    ///
    /// @return false: there have been `max` in a row
    boolean redial(int max) {
        redials++;
        return redials <= max;
    }

    void onUseful() {
        redials = 0;
    }

    /// @param othersServe so an address that never led anywhere, such as that of a version of IP which this network
    ///     does not have, can wait
    /// @return how long to wait before the next try here
    Duration onFailed(TunnelEnd end, boolean othersServe) {
        waiting = true;
        redials = 0;
        Duration usual = soon.next();
        Duration patient = seldom.next();
        return switch (end.cause()) {
            case UNKNOWN_CERTIFICATE, VERSION -> patient;
            default -> othersServe && nodes.isEmpty() ? patient : usual;
        };
    }

    void onWaited() {
        waiting = false;
    }

    /// A tunnel dialled here has lasted.
    void onStable() {
        soon.reset();
        seldom.reset();
    }
}
