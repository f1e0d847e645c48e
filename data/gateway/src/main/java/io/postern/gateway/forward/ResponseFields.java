package io.postern.gateway.forward;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.net.FieldRules;
import io.postern.tunnel.TunnelProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Makes the head that the client sees out of the upstream's, in place.
final class ResponseFields {
    private ResponseFields() {}

    /// @param translation of URLs and cookies between inside and outside
    static Http2Headers toClient(Http2Headers fields, Consumer<Http2Headers> translation) {
        FieldRules.removeHopByHop(fields);
        removeOurs(fields);
        translation.accept(fields);
        return fields;
    }

    /// The application's own additions, in place of what the backend says; the final head only.
    static void add(Http2Headers fields, Map<String, String> added) {
        CharSequence status = fields.status();
        if (status != null && status.charAt(0) != '1') {
            added.forEach(fields::set);
        }
    }

    /// What only parts of ours may say to each other.
    static void removeOurs(Http2Headers fields) {
        List<CharSequence> found = null;
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            CharSequence name = field.getKey();
            if (name.charAt(0) == 'p' && AsciiString.of(name).startsWith(TunnelProtocol.FIELD_PREFIX)) {
                found = found == null ? new ArrayList<>(2) : found;
                found.add(name);
            }
        }
        if (found != null) {
            found.forEach(fields::remove);
        }
    }
}
