package io.postern.connector.directory;

import io.postern.base.config.ConfigReader;
import io.postern.connector.enroll.Pem;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One directory of the section `directories` of `connector.yaml`. Address and credentials stay on this
/// machine; the service knows the name alone (SYN-21).
///
/// | key | default | bounds | meaning |
/// |---|---|---|---|
/// | `name` | required | letters, digits, `.`, `_`, `-`; 64 at most | by which the service asks for it |
/// | `urls` | required | list of `ldaps://HOST[:PORT]`, `ldap://HOST[:PORT]` | tried in turn |
/// | `start-tls` | false | | on for `ldap://`, which is not used without it |
/// | `trust` | the system's | path of a PEM file | authorities for the servers' certificates |
/// | `bind-dn` | required | a DN, or `NAME@DOMAIN` for Active Directory | the account that reads |
/// | `password-file` | required | path, mode 600 | its password, read at every connection |
/// | `page-size` | 500 | 10 to 1000 | entries that are asked for at once |
///
/// @param trust empty: the system's
public record DirectorySettings(
        String name,
        List<URI> urls,
        boolean startTls,
        List<X509Certificate> trust,
        String bindDn,
        Path passwordFile,
        int pageSize) {
    private static final int NAME_MAX = 64;
    private static final int PAGE_SIZE = 500;

    public DirectorySettings {
        urls = List.copyOf(urls);
        trust = List.copyOf(trust);
    }

    /// @param sections of the key `directories`; faults are left with them
    public static List<DirectorySettings> read(List<ConfigReader> sections) {
        var all = new ArrayList<DirectorySettings>();
        var names = new HashSet<String>();
        for (ConfigReader one : sections) {
            String name =
                    one.parsed("name", "", "letters, digits, '.', '_' and '-', 64 at most", DirectorySettings::name);
            if (!one.has("name")) {
                one.fault("name", "is missing; the service asks for this directory by it");
            } else if (!name.isEmpty() && !names.add(name.toLowerCase(Locale.ROOT))) {
                one.fault("name", "is '" + name + "', as that of another directory; give each its own");
            }
            all.add(servers(one, name));
        }
        return List.copyOf(all);
    }

    /// The servers of a directory and who reads there, without a name in the file.
    ///
    /// @param section faults are left with it
    public static DirectorySettings read(ConfigReader section, String name) {
        return servers(section, name);
    }

    private static DirectorySettings servers(ConfigReader one, String name) {
        return new DirectorySettings(
                name,
                urls(one),
                one.flag("start-tls", false),
                one.parsed("trust", List.of(), "the path of a PEM file", DirectorySettings::authorities),
                required(one, "bind-dn", "is missing; name the account that may read the directory"),
                Path.of(passwordFile(one)),
                (int) one.number("page-size", PAGE_SIZE, 10, 1000));
    }

    /// The password, without the end of its line.
    ///
    /// @throws IllegalArgumentException naming file and remedy, never its content
    String password() {
        return password(passwordFile);
    }

    private static String password(Path passwordFile) {
        try {
            if (passwordFile.getFileSystem().supportedFileAttributeViews().contains("posix")
                    && Files.getPosixFilePermissions(passwordFile).contains(PosixFilePermission.OTHERS_READ)) {
                throw new IllegalArgumentException(
                        passwordFile + " may be read by every user; run 'chmod 600 " + passwordFile + "'");
            }
            String password = Files.readString(passwordFile).lines().findFirst().orElse("");
            if (password.isEmpty()) {
                throw new IllegalArgumentException(passwordFile + " is empty; write the password into its first line");
            }
            return password;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    passwordFile + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static String name(String text) {
        if (!text.matches("[A-Za-z0-9._-]{1," + NAME_MAX + "}")) {
            throw new IllegalArgumentException("no name for a directory");
        }
        return text;
    }

    private static List<URI> urls(ConfigReader one) {
        var urls = new ArrayList<URI>();
        boolean startTls = one.flag("start-tls", false);
        for (String text : one.list("urls")) {
            try {
                URI url = url(text);
                if (url.getScheme().equals("ldap") != startTls) {
                    one.fault(
                            "urls",
                            "holds '" + text + "'; "
                                    + (startTls
                                            ? "with 'start-tls: true' every URL is ldap://"
                                            : "use ldaps://, or ldap:// with 'start-tls: true': a password is never"
                                                    + " sent in the clear"));
                }
                urls.add(url);
            } catch (IllegalArgumentException e) {
                one.fault("urls", "holds '" + text + "', which is no ldaps://HOST[:PORT]: " + e.getMessage());
            }
        }
        if (!one.has("urls") || one.list("urls").isEmpty()) {
            one.fault("urls", "is missing; name at least one server, such as ldaps://dc1.corp.example");
        }
        return urls;
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            String scheme = url.getScheme() == null ? "" : url.getScheme();
            if (!scheme.equals("ldaps") && !scheme.equals("ldap")) {
                throw new IllegalArgumentException("the scheme is neither ldaps nor ldap");
            }
            String path = url.getPath() == null ? "" : url.getPath();
            if (url.getHost() == null
                    || url.getUserInfo() != null
                    || url.getQuery() != null
                    || !(path.isEmpty() || path.equals("/"))) {
                throw new IllegalArgumentException(
                        "it holds more than host and port, or no host; bases are told by the service");
            }
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e.getReason(), e);
        }
    }

    private static String required(ConfigReader one, String key, String fault) {
        String text = one.text(key, "");
        if (text.isBlank()) {
            one.fault(key, fault);
        }
        return text;
    }

    private static String passwordFile(ConfigReader one) {
        String file = required(one, "password-file", "is missing; write the password into a file of mode 600");
        if (!file.isBlank()) {
            try {
                password(Path.of(file)); // another one may lie there later
            } catch (IllegalArgumentException e) {
                one.fault("password-file", "cannot be used: " + e.getMessage());
            }
        }
        return file;
    }

    private static List<X509Certificate> authorities(String path) {
        try {
            return Pem.certificates(Files.readString(Path.of(path)));
        } catch (IOException e) {
            throw new IllegalArgumentException("it cannot be read", e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /// Host and port of a URL, with the port that its scheme means.
    static int port(URI url) {
        if (url.getPort() > 0) {
            return url.getPort();
        }
        return url.getScheme().equals("ldaps") ? 636 : 389;
    }

    static String host(URI url) {
        String host = Optional.ofNullable(url.getHost()).orElse("");
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
