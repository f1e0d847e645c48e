package io.postern.connector;

import io.postern.base.config.ConfigFault;
import io.postern.base.config.ConfigReader;
import io.postern.net.dial.HttpProxy;
import io.postern.net.dial.HttpProxy.Credentials;
import io.postern.net.dial.NoProxy;
import io.postern.net.dial.ProxyChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Where the two proxies come from: the way to the service from an option, the file or the environment, in this
/// order; the way to backends from the file alone, so that a variable set for the one never bends the other.
final class ProxySettings {
    private static final String FILE = "connector.yaml";

    private ProxySettings() {}

    /// Section `proxy`; without it `HTTPS_PROXY` and `NO_PROXY`. `url: none` goes straight whatever they say.
    static ProxyChoice toService(ConfigReader config, Map<String, String> environment) {
        ConfigReader section = config.section("proxy");
        if (section.text("url", "").equals("none")) {
            return ProxyChoice.none();
        }
        ProxyChoice written = read(section, environment, "POSTERN_PROXY_CREDENTIALS", true);
        return written.proxy().isPresent() ? written : ofEnvironment(environment);
    }

    /// Section `backend-proxy`; loopback addresses never go through it.
    static ProxyChoice toBackends(ConfigReader config, Map<String, String> environment) {
        return read(config.section("backend-proxy"), environment, "POSTERN_BACKEND_PROXY_CREDENTIALS", false);
    }

    /// Option `--proxy`: an address, or `none`.
    ///
    /// @throws IllegalArgumentException that says what is wrong, without credentials
    static ProxyChoice ofOption(String url, Optional<Path> credentials) {
        if (url.equals("none")) {
            return ProxyChoice.none();
        }
        HttpProxy proxy = plain(url);
        return new ProxyChoice(
                Optional.of(
                        credentials.map(file -> proxy.with(credentials(file))).orElse(proxy)),
                NoProxy.nothing(),
                true,
                "--proxy");
    }

    private static ProxyChoice read(
            ConfigReader section, Map<String, String> environment, String variable, boolean loopbackToo) {
        // not by `parsed`, whose fault repeats the value: a password may stand in it
        Optional<HttpProxy> proxy = parsed(section, "url", ProxySettings::plain);
        Optional<Credentials> credentials = parsed(section, "credentials-file", path -> credentials(Path.of(path)));
        if (credentials.isEmpty() && environment.containsKey(variable)) {
            credentials = Optional.of(ofVariable(variable, environment.get(variable)));
        }
        NoProxy except = NoProxy.nothing();
        try {
            except = NoProxy.of(section.list("no-proxy"));
        } catch (IllegalArgumentException e) {
            section.fault("no-proxy", "holds an entry that cannot be used: " + e.getMessage());
        }
        Optional<Credentials> known = credentials;
        return new ProxyChoice(
                proxy.map(p -> known.map(p::with).orElse(p)), except, loopbackToo, proxy.isPresent() ? FILE : "");
    }

    private static <T> Optional<T> parsed(ConfigReader section, String key, Function<String, T> parse) {
        try {
            return section.text(key).map(parse);
        } catch (IllegalArgumentException e) {
            section.fault(key, "cannot be used: " + e.getMessage());
            return Optional.empty();
        }
    }

    /// As other programs read it: the lower-case name first, and never for this machine's own names.
    private static ProxyChoice ofEnvironment(Map<String, String> environment) {
        for (String name : List.of("https_proxy", "HTTPS_PROXY")) {
            String url = environment.getOrDefault(name, "");
            if (!url.isBlank()) {
                try {
                    HttpProxy proxy = HttpProxy.parse(url.contains("://") ? url : "http://" + url);
                    String variable = "POSTERN_PROXY_CREDENTIALS";
                    if (environment.containsKey(variable)) {
                        proxy = proxy.with(ofVariable(variable, environment.get(variable)));
                    }
                    return new ProxyChoice(Optional.of(proxy), exceptions(environment), false, name);
                } catch (IllegalArgumentException e) {
                    throw new ConfigFault("the environment", List.of(name + " cannot be used: " + e.getMessage()));
                }
            }
        }
        return ProxyChoice.none();
    }

    private static NoProxy exceptions(Map<String, String> environment) {
        String text = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        try {
            return NoProxy.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigFault("the environment", List.of("NO_PROXY cannot be used: " + e.getMessage()));
        }
    }

    private static Credentials ofVariable(String name, String value) {
        try {
            return Credentials.parse(value);
        } catch (IllegalArgumentException e) {
            throw new ConfigFault("the environment", List.of(name + " cannot be used: " + e.getMessage()));
        }
    }

    /// Options and configuration files are read by many eyes.
    private static HttpProxy plain(String url) {
        HttpProxy proxy = HttpProxy.parse(url);
        if (proxy.credentials().isPresent()) {
            throw new IllegalArgumentException("a password does not belong here; put USER:PASSWORD into a file of mode"
                    + " 600 and name that file as the proxy's credentials");
        }
        return proxy;
    }

    /// @throws IllegalArgumentException naming file and remedy, never its content
    static Credentials credentials(Path file) {
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
                    && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                throw new IllegalArgumentException(file + " may be read by every user; run 'chmod 600 " + file + "'");
            }
            return Credentials.parse(Files.readString(file).strip());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }
}
