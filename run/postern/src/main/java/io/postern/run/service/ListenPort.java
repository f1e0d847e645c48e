package io.postern.run.service;

import io.postern.base.HostPort;
import io.postern.run.Fault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Finds out before anything else is started whether the public address can be had, and which port "any
/// free" shall be: the issuer's name and every URL depend on it.
final class ListenPort {
    private ListenPort() {}

    /// The address with a real port. Nothing holds it: whoever listens next may still lose it to another process.
    static HostPort settle(HostPort wanted) {
        try (var probe = new ServerSocket()) {
            probe.setReuseAddress(true); // connections of the last run in TIME_WAIT do not matter
            probe.bind(new InetSocketAddress(wanted.host(), wanted.port()));
            return new HostPort(wanted.host(), probe.getLocalPort());
        } catch (IOException e) {
            String text = String.valueOf(e.getMessage());
            if (text.contains("Permission denied")) {
                throw new Fault(
                        "port " + wanted.port() + " needs more rights than this user has; choose one above 1023"
                                + " (--listen HOST:PORT or 'listen'), or grant CAP_NET_BIND_SERVICE",
                        e);
            }
            if (text.contains("in use")) {
                throw new Fault(
                        "another process listens on " + wanted + "; stop it, or choose another port"
                                + " (--listen HOST:PORT or 'listen'; port 0 takes any free one)",
                        e);
            }
            throw new Fault(
                    "cannot listen on " + wanted + " (" + text + "); choose an address of this machine"
                            + " (--listen HOST:PORT or 'listen')",
                    e);
        }
    }
}
