package io.postern.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// Styles, script and icon, read once from the jar. Their names carry a hash of their content, so
/// browsers may keep them for ever and a new version is never mixed with an old page.
public final class Assets {
    private static final String FOLDER = "/assets/";

    @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
    private record Asset(String contentType, byte[] bytes) {}

    private final Map<String, Asset> byHashedName = new HashMap<>();
    private final String style;
    private final String script;
    private final String icon;

    public Assets() {
        style = load("postern", "css", "text/css; charset=utf-8");
        script = load("postern", "js", "text/javascript; charset=utf-8");
        icon = load("postern", "svg", "image/svg+xml");
    }

    /// Path of the style sheet.
    public String style() {
        return style;
    }

    /// Path of the one script: it submits the form of a page that only passes an answer on, and asks for passkeys.
    public String script() {
        return script;
    }

    public String icon() {
        return icon;
    }

    public void mount(HttpRouting.Builder host) {
        host.get(FOLDER + "{name}", this::serve);
        host.get(
                "/favicon.ico",
                (_, response) -> response.status(Status.MOVED_PERMANENTLY_301)
                        .header(HeaderNames.LOCATION, icon)
                        .header(HeaderNames.CACHE_CONTROL, "public, max-age=86400")
                        .send());
    }

    private void serve(ServerRequest request, ServerResponse response) {
        Asset asset = byHashedName.get(request.path().pathParameters().get("name"));
        if (asset == null) {
            response.status(Status.NOT_FOUND_404).send();
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, asset.contentType())
                .header(HeaderNames.CACHE_CONTROL, "public, max-age=31536000, immutable")
                .send(asset.bytes());
    }

    private String load(String stem, String extension, String contentType) {
        String resource = "assets/" + stem + "." + extension;
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            byte[] bytes = in.readAllBytes();
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .substring(0, 12);
            String name = stem + "." + hash + "." + extension;
            byHashedName.put(name, new Asset(contentType, bytes));
            return FOLDER + name;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
