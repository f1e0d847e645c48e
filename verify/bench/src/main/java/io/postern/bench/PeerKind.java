package io.postern.bench;

import java.util.Locale;

/// Who can be measured, in the order of the first repetition.
enum PeerKind {
    POSTERN("gateway and connector as shipped: pre-authentication, policy, access events"),
    NGINX("nginx (TLS) to nginx (mutual TLS), one worker each, 16 KiB buffers"),
    NGINX_2("the same with two workers each and 64 KiB buffers"),
    HAPROXY("HAProxy (TLS) to HAProxy (mutual TLS)"),
    CADDY("Caddy (TLS) to Caddy (mutual TLS)"),
    SSH("nginx (TLS) before the open end of ssh -R"),
    DIRECT("the backend itself, no TLS");

    private final String about;

    PeerKind(String about) {
        this.about = about;
    }

    /// As on the command line and in results.
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String about() {
        return about;
    }

    boolean isNginxChain() {
        return this == NGINX || this == NGINX_2;
    }

    /// Starts it and waits until it serves.
    Peer start(Workbench bench, Wire wire) {
        return switch (this) {
            case POSTERN -> Postern.start(bench, wire);
            case NGINX, NGINX_2 -> Chain.start(this, bench, wire, Nginx.inChain(this));
            case HAPROXY -> Chain.start(this, bench, wire, Haproxy::start);
            case CADDY -> Chain.start(this, bench, wire, Caddy::start);
            case SSH -> SshBehindNginx.start(bench, wire);
            case DIRECT -> new Direct(bench);
        };
    }
}
