package io.postern.gateway;

import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import io.postern.gateway.exchange.Connection;
import java.util.List;

/// The user agent's address, as far as anybody we trust has said.
final class ClientAddress {
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");

    private ClientAddress() {}

    /// The peer itself; behind a trusted proxy the rightmost X-Forwarded-For entry, which that proxy
    /// wrote: everything left of it is the client's word.
    static String of(Connection connection, Http2Headers fields) {
        if (!connection.trustedProxy()) {
            return connection.address();
        }
        List<CharSequence> said = fields.getAll(FORWARDED_FOR);
        if (said.isEmpty()) {
            return connection.address();
        }
        String last = said.getLast().toString();
        String entry = last.substring(last.lastIndexOf(',') + 1).strip();
        boolean literal = NetUtil.isValidIpV4Address(entry) || NetUtil.isValidIpV6Address(entry);
        return literal ? entry : connection.address();
    }
}
