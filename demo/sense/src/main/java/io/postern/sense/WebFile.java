package io.postern.sense;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A page or asset that ships in the jar. Only the names listed here exist, so no path can climb out.
///
/// @param bytes shared: do not change
@SuppressWarnings("ArrayRecordComponent") // read-only page content, never compared
record WebFile(String contentType, byte[] bytes) {
    private static final Map<String, String> PATHS = Map.of(
            "/hub", "hub.html",
            "/hub/", "hub.html",
            "/app.html", "app.html",
            "/content/default/WebsocketTest.html", "tester.html",
            "/sense.css", "sense.css",
            "/hub.js", "hub.js",
            "/app.js", "app.js",
            "/engine.js", "engine.js",
            "/tester.js", "tester.js",
            "/favicon.svg", "favicon.svg");
    private static final Map<String, WebFile> LOADED = new ConcurrentHashMap<>();

    static Optional<WebFile> find(String path) {
        return Optional.ofNullable(PATHS.get(path)).map(name -> LOADED.computeIfAbsent(name, WebFile::load));
    }

    static List<String> names() {
        return List.copyOf(PATHS.values());
    }

    private static WebFile load(String name) {
        try (InputStream in = WebFile.class.getResourceAsStream("web/" + name)) {
            if (in == null) {
                throw new IllegalStateException("web/" + name + " is not in the jar");
            }
            return new WebFile(type(name), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> "application/octet-stream";
        };
    }
}
