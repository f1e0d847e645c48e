package io.postern.connector.directory;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import io.postern.connector.directory.DirectoryEntry.Kind;
import io.postern.connector.directory.DirectoryFault.Code;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// From a server's entry to ours: ids as text, what is no text as base64 under `name;binary`.
final class EntryForm {
    private static final Set<String> MEMBERS = Set.of("member", "uniquemember");

    /// Their values may look like text by chance.
    private static final Set<String> BINARY = Set.of(
            "ms-ds-consistencyguid",
            "thumbnailphoto",
            "jpegphoto",
            "photo",
            "thumbnaillogo",
            "usercertificate",
            "usersmimecertificate",
            "cacertificate",
            "userpkcs12",
            "msexchmailboxguid",
            "msexcharchiveguid",
            "logonhours",
            "audio");

    private static final Set<String> SECURITY_IDS = Set.of("objectsid", "sidhistory");
    private static final int GUID_BYTES = 16;
    private static final int SID_HEAD = 8;

    private final String idAttribute;

    /// @param idAttribute objectGUID or entryUUID
    EntryForm(String idAttribute) {
        this.idAttribute = idAttribute;
    }

    /// The attributes to ask a server for.
    String[] asked(List<String> wanted, String... more) {
        var all = new ArrayList<String>(List.of(idAttribute));
        all.addAll(Arrays.asList(more));
        wanted.stream().filter(name -> !isMembers(name)).forEach(all::add);
        return all.toArray(String[]::new);
    }

    /// @param sayNone name those that the entry has not, too
    DirectoryEntry entry(Entry from, Kind kind, List<String> wanted, boolean sayNone) {
        var attributes = new LinkedHashMap<String, List<String>>();
        for (String name : wanted) {
            if (isMembers(name)) {
                continue;
            }
            Attribute found = from.getAttribute(name);
            if (found != null && found.size() > 0) {
                put(attributes, name, found);
            } else if (sayNone) {
                attributes.put(isBinary(name) ? name + ";binary" : name, List.of());
            }
        }
        return new DirectoryEntry(id(from), kind, from.getDN(), false, attributes, Optional.empty());
    }

    /// @throws DirectoryFault when it has none
    String id(Entry from) {
        Attribute found = from.getAttribute(idAttribute);
        if (found == null) {
            throw new DirectoryFault(
                    Code.NO_RIGHT,
                    "'" + from.getDN() + "' has no " + idAttribute + " that the account may read",
                    "let the account of 'bind-dn' read " + idAttribute
                            + "; a server without it cannot be synchronised");
        }
        byte[] raw = found.getValueByteArray();
        return idAttribute.equals("objectGUID") && raw.length == GUID_BYTES
                ? guid(raw).toString()
                : found.getValue().toLowerCase(Locale.ROOT);
    }

    static boolean isMembers(String name) {
        String plain = name.contains(";") ? name.substring(0, name.indexOf(';')) : name;
        return MEMBERS.contains(plain.toLowerCase(Locale.ROOT));
    }

    private static void put(Map<String, List<String>> into, String name, Attribute found) {
        String lower = name.toLowerCase(Locale.ROOT);
        byte[][] raw = found.getValueByteArrays();
        if (lower.equals("objectguid") && raw[0].length == GUID_BYTES) {
            into.put(name, List.of(guid(raw[0]).toString()));
        } else if (SECURITY_IDS.contains(lower)) {
            into.put(name, Arrays.stream(raw).map(EntryForm::sid).toList());
        } else if (isBinary(name) || !Arrays.stream(raw).allMatch(EntryForm::isText)) {
            into.put(
                    name + ";binary",
                    Arrays.stream(raw).map(Base64.getEncoder()::encodeToString).toList());
        } else {
            into.put(name, List.of(found.getValues()));
        }
    }

    private static boolean isBinary(String name) {
        return BINARY.contains(name.toLowerCase(Locale.ROOT));
    }

    /// Its first three fields are little-endian.
    static UUID guid(byte[] raw) {
        ByteBuffer in = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        long high = (in.getInt() & 0xffffffffL) << 32 | (in.getShort() & 0xffffL) << 16 | (in.getShort() & 0xffffL);
        return new UUID(high, in.order(ByteOrder.BIG_ENDIAN).getLong());
    }

    /// As the directory wants it in a filter.
    static byte[] bytes(UUID guid) {
        long high = guid.getMostSignificantBits();
        return ByteBuffer.allocate(GUID_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) (high >>> 32))
                .putShort((short) (high >>> 16))
                .putShort((short) high)
                .order(ByteOrder.BIG_ENDIAN)
                .putLong(guid.getLeastSignificantBits())
                .array();
    }

    /// `S-1-5-21-...`: revision, authority (big-endian), then parts of 32 bits (little-endian).
    static String sid(byte[] raw) {
        if (raw.length < SID_HEAD || raw.length < SID_HEAD + 4 * (raw[1] & 0xff)) {
            return Base64.getEncoder().encodeToString(raw);
        }
        long authority = 0;
        for (int i = 2; i < SID_HEAD; i++) {
            authority = authority << 8 | (raw[i] & 0xff);
        }
        var text = new StringBuilder("S-").append(raw[0] & 0xff).append('-').append(authority);
        ByteBuffer parts = ByteBuffer.wrap(raw, SID_HEAD, raw.length - SID_HEAD).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < (raw[1] & 0xff); i++) {
            text.append('-').append(parts.getInt() & 0xffffffffL);
        }
        return text.toString();
    }

    private static boolean isText(byte[] raw) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .chars()
                    .noneMatch(c -> c == 0);
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
