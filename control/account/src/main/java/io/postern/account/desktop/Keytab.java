package io.postern.account.desktop;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The keys of one HTTP service, as `ktpass`, `samba-tool` and `ktutil` write them: MIT's keytab file, version 2.
///
/// Only keys of strong ciphers count (AES; RFC 3962, RFC 8009): tickets under RC4 or DES can be forged by who records
/// one.
///
/// @param principal for example `HTTP/login.example.com@CORP.EXAMPLE`
public record Keytab(String principal, List<Key> keys) {
    /// Of one cipher, and of one of the passwords that the account had over time.
    public static final class Key {
        private final int type;
        private final int version;
        private final byte[] bytes;

        Key(int type, int version, byte[] bytes) {
            this.type = type;
            this.version = version;
            this.bytes = bytes;
        }

        /// Of cipher and key, by the numbers of IANA.
        public int type() {
            return type;
        }

        /// Which of the keys that the service had over time.
        public int version() {
            return version;
        }

        byte[] bytes() {
            return bytes.clone();
        }
    }

    /// aes128 and aes256, with SHA-1 and with SHA-2.
    private static final Set<Integer> STRONG = Set.of(17, 18, 19, 20);

    private static final int VERSION_2 = 0x0502;
    private static final int BYTES_MAX = 65_536;

    public Keytab {
        keys = List.copyOf(keys);
    }

    public String realm() {
        return principal.substring(principal.lastIndexOf('@') + 1);
    }

    /// @throws IllegalArgumentException with a sentence that says what to do, when this is no keytab that serves here
    public static Keytab read(byte[] file) {
        if (file.length > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "it has " + file.length + " bytes; a keytab of one service has " + BYTES_MAX + " at most");
        }
        try {
            return only(entries(ByteBuffer.wrap(file)));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it ends in the middle of an entry; copy the file anew", e);
        }
    }

    private record Entry(String principal, Key key) {}

    private static List<Entry> entries(ByteBuffer file) {
        if (file.remaining() < 2 || file.getShort() != VERSION_2) {
            throw new IllegalArgumentException(
                    "it does not begin as a keytab does (05 02); ktpass and ktutil write one");
        }
        var entries = new ArrayList<Entry>();
        while (file.remaining() >= Integer.BYTES) {
            int length = file.getInt();
            if (length == 0) {
                break; // MIT's mark of the end
            }
            if (length == Integer.MIN_VALUE || Math.abs(length) > file.remaining()) {
                throw new BufferUnderflowException();
            }
            ByteBuffer entry = file.slice(file.position(), Math.abs(length));
            file.position(file.position() + Math.abs(length));
            if (length > 0) { // else a hole that a deleted entry left
                entries.add(entry(entry));
            }
        }
        return entries;
    }

    private static Entry entry(ByteBuffer in) {
        int components = Short.toUnsignedInt(in.getShort());
        String realm = text(in);
        var name = new ArrayList<String>();
        for (int i = 0; i < components; i++) {
            name.add(text(in));
        }
        in.getInt(); // type of name
        in.getInt(); // time
        int version = Byte.toUnsignedInt(in.get());
        int type = Short.toUnsignedInt(in.getShort());
        byte[] bytes = bytes(in);
        if (in.remaining() >= Integer.BYTES) {
            int wide = in.getInt();
            version = wide == 0 ? version : wide; // 8 bits were too few for it
        }
        return new Entry(String.join("/", name) + "@" + realm, new Key(type, version, bytes));
    }

    private static Keytab only(List<Entry> entries) {
        List<String> services = entries.stream()
                .map(Entry::principal)
                .filter(name -> name.startsWith("HTTP/"))
                .distinct()
                .toList();
        if (services.size() != 1) {
            throw new IllegalArgumentException("it has keys of "
                    + (services.isEmpty() ? "no HTTP service" : String.join(" and ", services)) + " (of "
                    + entries.size() + " entries); export those of the one service HTTP/<sign-in host>");
        }
        String principal = services.getFirst();
        List<Key> strong = entries.stream()
                .filter(entry -> entry.principal().equals(principal))
                .map(Entry::key)
                .filter(key -> STRONG.contains(key.type()))
                .toList();
        if (strong.isEmpty()) {
            throw new IllegalArgumentException("its keys of " + principal
                    + " are none of AES; allow AES for the account and export them anew (ktpass -crypto AES256-SHA1)");
        }
        return new Keytab(principal, strong);
    }

    private static String text(ByteBuffer in) {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return bytes;
    }
}
