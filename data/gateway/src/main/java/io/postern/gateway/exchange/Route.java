package io.postern.gateway.exchange;

import io.postern.domain.ExternalHost;
import io.postern.domain.OwnHost;
import io.postern.domain.snapshot.Place;
import io.postern.domain.snapshot.PublishedApplication;
import java.util.List;

/// Where a request belongs, decided on the canonical form of its host and path.
public sealed interface Route {
    /// One of our own public hosts: the control plane answers and does its own checks.
    record Own(OwnHost host) implements Route {}

    /// A published application.
    ///
    /// @param host the canonical host
    /// @param application as reached by this request: its external URL is the one that the request came by, with
    ///     the host that it named where that URL is a wildcard
    /// @param place which of the application's, with the hosts that a wildcard stands for now
    record Published(ExternalHost host, PublishedApplication application, Place place) implements Route {}

    /// Below `/.postern/` on a host where something is published: never forwarded.
    ///
    /// @param applications all that are reached on the host, as in [Published]; one with several places there
    ///     is in it several times
    record Reserved(ExternalHost host, List<PublishedApplication> applications) implements Route {
        public Reserved {
            applications = List.copyOf(applications);
        }
    }

    /// Nothing is published there: the neutral 404 (PUB-9).
    ///
    /// @param neighbours published in other folders of the host
    record Nowhere(List<PublishedApplication> neighbours) implements Route {
        public Nowhere {
            neighbours = List.copyOf(neighbours);
        }

        public Nowhere() {
            this(List.of());
        }
    }

    /// The host is not covered by the certificate that was presented: 421 (RFC 9110 §15.5.20).
    record Misdirected() implements Route {}

    /// Ambiguous or malformed: 400.
    ///
    /// @param why for our log and metrics, never for the client
    record Refused(String why) implements Route {}
}
