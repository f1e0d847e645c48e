package io.postern.gateway.signon;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.gateway.route.PathReadings;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a request carries onward because of who asks. Immutable.
///
/// @param reserved request fields, in lower case, that a client may not send
/// @param toBackend fields for the backend
/// @param toConnector `postern-` fields for the connector, which go no further
public record OnwardFields(Set<String> reserved, List<Field> toBackend, List<Pair> toConnector) {
    /// For an application that needs nothing.
    public static final OnwardFields NONE = new OnwardFields(Set.of(), List.of(), List.of());

    /// @param path internal path that it is for, and all below
    /// @param value empty: nothing is sent, also not what a shorter path says
    public record Field(AsciiString name, AsciiString value, String path) {}

    /// @param name begins with `postern-`
    public record Pair(AsciiString name, AsciiString value) {}

    public OnwardFields {
        reserved = Set.copyOf(reserved);
        toBackend = List.copyOf(toBackend);
        toConnector = List.copyOf(toConnector);
    }

    /// Adds them. Of several for one name the one with the longest path that holds the request counts
    /// (HDR-SSO-3). Where a backend could read the path as lying deeper than it is written, none counts.
    ///
    /// @param target internal path and query
    public void addTo(Http2Headers fields, String target) {
        if (!toBackend.isEmpty()) {
            addTo(fields, new Place(target));
        }
        for (Pair pair : toConnector) {
            fields.set(pair.name(), pair.value());
        }
    }

    /// What it takes to keep it, about.
    int characters() {
        int sum = 0;
        for (Field field : toBackend) {
            sum += field.name().length() + field.value().length();
        }
        for (Pair pair : toConnector) {
            sum += pair.name().length() + pair.value().length();
        }
        return sum;
    }

    private void addTo(Http2Headers fields, Place place) {
        for (Field field : toBackend) {
            if (!field.value().isEmpty() && place.isWithin(field.path()) && !isOutdone(field, place)) {
                fields.add(field.name(), field.value());
            }
        }
    }

    private boolean isOutdone(Field field, Place place) {
        for (Field other : toBackend) {
            if (other.path().length() > field.path().length()
                    && other.name().equals(field.name())
                    && (place.isWithin(other.path()) || place.mayBeWithin(other.path()))) {
                return true;
            }
        }
        return false;
    }

    /// Where a request goes, as it is written and as backends may read it. For one request.
    private static final class Place {
        private final String path;
        private List<String> readings = List.of(); // made when first asked for; there is always one

        Place(String target) {
            int query = target.indexOf('?');
            path = query < 0 ? target : target.substring(0, query);
        }

        boolean isWithin(String folder) {
            return path.startsWith(folder)
                    && (folder.endsWith("/")
                            || path.length() == folder.length()
                            || path.charAt(folder.length()) == '/');
        }

        boolean mayBeWithin(String folder) {
            if (readings.isEmpty()) {
                readings = PathReadings.folded(path);
            }
            String folded = (folder.endsWith("/") ? folder : folder + "/").toLowerCase(Locale.ROOT);
            for (String reading : readings) {
                if (reading.startsWith(folded)) {
                    return true;
                }
            }
            return false;
        }
    }
}
