package io.postern.net;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a TLS client asks for before anything is encrypted: the host (SNI, RFC 6066 §3) and the
/// application protocols (ALPN, RFC 7301 §3.1).
///
/// @param host lower case, ASCII; empty when absent or malformed as a name
/// @param protocols in the client's order; ids that are not printable ASCII are left out
public record ClientHello(Optional<String> host, List<String> protocols) {
    /// 255 octets on the wire are 253 characters (RFC 1035 §3.1).
    private static final int HOST_CHARACTERS_MAX = 253;

    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;

    public ClientHello {
        protocols = List.copyOf(protocols);
    }

    /// Reads the handshake message as Netty hands it over: after type and length, from the client's
    /// version on. The buffer's indices stay as they are.
    ///
    /// @throws IllegalArgumentException when lengths do not add up
    public static ClientHello parse(ByteBuf hello) {
        try {
            return read(hello.duplicate());
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("the ClientHello ends before its lengths say so", e);
        }
    }

    public boolean offers(String protocol) {
        return protocols.contains(protocol);
    }

    private static ClientHello read(ByteBuf in) {
        in.skipBytes(2 + 32); // legacy version, random
        in.skipBytes(in.readUnsignedByte()); // session id
        in.skipBytes(in.readUnsignedShort()); // cipher suites
        in.skipBytes(in.readUnsignedByte()); // compression methods
        Optional<String> host = Optional.empty();
        List<String> protocols = List.of();
        if (in.isReadable()) {
            ByteBuf extensions = in.readSlice(in.readUnsignedShort());
            while (extensions.isReadable()) {
                int type = extensions.readUnsignedShort();
                ByteBuf body = extensions.readSlice(extensions.readUnsignedShort());
                switch (type) {
                    case SERVER_NAME -> host = host(body);
                    case ALPN -> protocols = protocols(body);
                    default -> {}
                }
            }
        }
        return new ClientHello(host, protocols);
    }

    private static Optional<String> host(ByteBuf body) {
        ByteBuf names = body.readSlice(body.readUnsignedShort());
        while (names.isReadable()) {
            int type = names.readUnsignedByte();
            ByteBuf name = names.readSlice(names.readUnsignedShort());
            if (type == 0) {
                return hostName(name.toString(StandardCharsets.ISO_8859_1));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> hostName(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (name.isEmpty() || name.length() > HOST_CHARACTERS_MAX) {
            return Optional.empty();
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '.'
                    || c == '_';
            if (!fits) {
                return Optional.empty();
            }
        }
        return Optional.of(name.toLowerCase(Locale.ROOT));
    }

    private static List<String> protocols(ByteBuf body) {
        ByteBuf list = body.readSlice(body.readUnsignedShort());
        var protocols = new ArrayList<String>();
        while (list.isReadable()) {
            String id = list.readCharSequence(list.readUnsignedByte(), StandardCharsets.ISO_8859_1)
                    .toString();
            if (!id.isEmpty() && id.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                protocols.add(id);
            }
        }
        return protocols;
    }
}
