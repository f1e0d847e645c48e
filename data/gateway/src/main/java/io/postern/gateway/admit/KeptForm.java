package io.postern.gateway.admit;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.RequestHead;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A form post that came without a session, as it is kept by the browser until its user has signed in: sealed, so
/// that what is sent in the end is what came, and no more (docs/decisions/2026-11-22-posts-through-sign-in.md).
///
/// @param target path and query, as sent
/// @param fields those by which a backend tells its own pages' posts from those of others
/// @param cookies names of those that the browser sent along; it sends more when our own page asks it
/// @param binding SHA-256 of the binding cookie's value
@SuppressWarnings("ArrayRecordComponent") // never compared
record KeptForm(
        String target, Map<String, String> fields, Set<String> cookies, String binding, Instant expires, byte[] body) {
    /// A SAML response with many groups has some 100 KiB.
    static final int BYTES_MAX = 512 * 1024;

    /// The same sealed and in base64, and what stands beside it.
    static final int SEALED_MAX = BYTES_MAX / 3 * 4 + 16 * 1024;

    private static final int HEAD_MAX = 8 * 1024;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> FIELDS = List.of(
            "content-type",
            "origin",
            "referer",
            "sec-fetch-site",
            "sec-fetch-mode",
            "sec-fetch-dest",
            "sec-fetch-user");

    static Sealer sealer(KeyRing ring) {
        return new Sealer(ring, "kept-form");
    }

    static KeptForm of(RequestHead head, String bindingCookie, Instant now, byte[] body) {
        var fields = new HashMap<String, String>();
        for (String name : FIELDS) {
            CharSequence value = head.fields().get(name);
            if (value != null) {
                fields.put(name, value.toString());
            }
        }
        return new KeptForm(
                head.target(),
                fields,
                names(head.fields()),
                SignInState.sha256(bindingCookie),
                now.plus(SignInState.LIFETIME),
                body);
    }

    boolean isBoundTo(String bindingCookie) {
        return MessageDigest.isEqual(
                binding.getBytes(StandardCharsets.US_ASCII),
                SignInState.sha256(bindingCookie).getBytes(StandardCharsets.US_ASCII));
    }

    /// The request as it came, with what else the browser says now: of cookies only those that came with it, since
    /// our page's post is no stranger's to the browser and this one may have been.
    RequestHead restored(RequestHead now) {
        Http2Headers restored = now.fields();
        FIELDS.forEach(restored::remove);
        fields.forEach(restored::set);
        restored.setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        var kept = new ArrayList<String>();
        for (CharSequence field : restored.getAll(HttpHeaderNames.COOKIE)) {
            for (String pair : field.toString().split(";", -1)) {
                if (cookies.contains(name(pair))) {
                    kept.add(pair.strip());
                }
            }
        }
        restored.remove(HttpHeaderNames.COOKIE);
        if (!kept.isEmpty()) {
            restored.set(HttpHeaderNames.COOKIE, String.join("; ", kept));
        }
        return new RequestHead(now.method(), now.authority(), target, restored, false, true);
    }

    private static Set<String> names(Http2Headers fields) {
        var names = new HashSet<String>();
        for (CharSequence field : fields.getAll(HttpHeaderNames.COOKIE)) {
            Arrays.stream(field.toString().split(";", -1)).map(KeptForm::name).forEach(names::add);
        }
        names.remove("");
        return names;
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? "" : pair.substring(0, equals).strip();
    }

    private static String context(PublishedApplication application) {
        return application.externalUrl().host().value() + " " + application.appId();
    }

    /// @return empty where what stands beside the body is too large to be honest
    Optional<String> seal(Sealer sealer, PublishedApplication application) {
        var json = JSON.createObjectNode().put("t", target).put("b", binding).put("e", expires.getEpochSecond());
        var kept = json.putObject("f");
        fields.forEach(kept::put);
        var names = json.putArray("c");
        cookies.forEach(names::add);
        byte[] head = JSON.writeValueAsBytes(json);
        ByteBuffer plain = ByteBuffer.allocate(Integer.BYTES + head.length + body.length);
        plain.putInt(head.length).put(head).put(body);
        return head.length > HEAD_MAX
                ? Optional.empty()
                : Optional.of(sealer.seal(plain.array(), context(application)));
    }

    /// Empty when it was not sealed by us for this application on this host. Says nothing about expiry.
    static Optional<KeptForm> open(Sealer sealer, String text, PublishedApplication application) {
        return sealer.open(text, context(application)).flatMap(KeptForm::parse);
    }

    // sealed by an older or newer version of ours: not understood is not kept
    private static Optional<KeptForm> parse(byte[] plain) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(plain);
            byte[] head = new byte[bytes.getInt()];
            bytes.get(head);
            byte[] body = new byte[bytes.remaining()];
            bytes.get(body);
            JsonNode json = JSON.readTree(head);
            var fields = new HashMap<String, String>();
            json.path("f")
                    .properties()
                    .forEach(f -> fields.put(f.getKey(), f.getValue().asString("")));
            var cookies = new HashSet<String>();
            json.path("c").forEach(name -> cookies.add(name.asString("")));
            return Optional.of(new KeptForm(
                    json.path("t").asString(""),
                    fields,
                    cookies,
                    json.path("b").asString(""),
                    Instant.ofEpochSecond(json.path("e").asLong(0)),
                    body));
        } catch (JacksonException | java.nio.BufferUnderflowException | NegativeArraySizeException e) {
            return Optional.empty();
        }
    }
}
