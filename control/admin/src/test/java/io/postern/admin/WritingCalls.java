package io.postern.admin;

import io.postern.fixtures.DnsServer;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.stream.Stream;

/// A valid call of every route of the API that is not a GET, as small as can be, and the entries of the audit log that
/// it must leave. Written by hand from 5.2, never derived from the routes; the calls stand in [ApplicationCalls],
/// [ProxyCalls] and [PeopleCalls].
final class WritingCalls {
    /// @param title verb and path of the route, with the `{name}` segments of `who-may-call-what.txt`
    /// @param variant which of several calls of the route; empty for the smallest
    /// @param activities what the log must tell; empty: nothing is changed
    /// @param reason why it is not exactly one entry
    record Example(String title, String variant, List<String> activities, String reason, Setting setting) {
        String verb() {
            return title.substring(0, title.indexOf(' '));
        }

        String name() {
            return variant.isEmpty() ? title : title + ", " + variant;
        }
    }

    /// Makes what the call is about, and says what to send.
    interface Setting {
        Ask make() throws Exception;
    }

    /// @param ids for the `{name}` segments, in their order
    record Ask(String contentType, HttpRequest.BodyPublisher body, List<String> ids) {
        String path(String title) {
            String path = title.substring(title.indexOf(' ') + 1);
            for (String id : ids) {
                path = path.replaceFirst("\\{[a-zA-Z]+}", id);
            }
            return path;
        }
    }

    private final List<Example> examples;

    WritingCalls(Installation service, DnsServer dns) {
        examples = Stream.of(
                        new ApplicationCalls(service, dns), new ProxyCalls(service, dns), new PeopleCalls(service, dns))
                .flatMap(table -> table.all().stream())
                .toList();
    }

    List<Example> all() {
        return examples;
    }
}
