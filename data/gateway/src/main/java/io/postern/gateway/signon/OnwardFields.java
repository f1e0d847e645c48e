package io.postern.gateway.signon;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
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
    public record Field(AsciiString name, AsciiString value, String path) {}

    /// @param name begins with `postern-`
    public record Pair(AsciiString name, AsciiString value) {}

    public OnwardFields {
        reserved = Set.copyOf(reserved);
        toBackend = List.copyOf(toBackend);
        toConnector = List.copyOf(toConnector);
    }

    /// Adds them. Of several for one name the one with the longest path that holds the request counts (HDR-SSO-3).
    ///
    /// @param target internal path and query
    public void addTo(Http2Headers fields, String target) {
        for (Field field : toBackend) {
            if (covers(field, target) && !isOutdone(field, target)) {
                fields.add(field.name(), field.value());
            }
        }
        for (Pair pair : toConnector) {
            fields.set(pair.name(), pair.value());
        }
    }

    private boolean isOutdone(Field field, String target) {
        for (Field other : toBackend) {
            if (other.path().length() > field.path().length()
                    && other.name().equals(field.name())
                    && covers(other, target)) {
                return true;
            }
        }
        return false;
    }

    private static boolean covers(Field field, String target) {
        String path = field.path();
        return target.startsWith(path)
                && (path.endsWith("/")
                        || target.length() == path.length()
                        || "/?".indexOf(target.charAt(path.length())) >= 0);
    }
}
