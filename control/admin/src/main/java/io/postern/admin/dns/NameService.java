package io.postern.admin.dns;

import io.postern.base.HostPort;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/// Asks the name service, by the JDK's own DNS client (RFC 1035 over UDP, TCP for long answers). Blocking, some
/// seconds at most; nothing is kept, so that whoever has just made a record finds it. Thread-safe.
public final class NameService {
    private static final String FIRST_TRY_MILLIS = "1000"; // doubled with each further try
    private static final String TRIES = "3";

    private final Optional<HostPort> server;

    /// @param server empty: those of the machine
    public NameService(Optional<HostPort> server) {
        this.server = server;
    }

    /// TXT records, each as one text. Empty when there is none, or no such name.
    ///
    /// @param name a valid host name
    public List<String> texts(String name) throws DnsFault {
        return records(name, "TXT").stream().map(NameService::unquoted).toList();
    }

    /// Where the name's CNAME leads; empty without one.
    public Optional<String> alias(String name) throws DnsFault {
        return records(name, "CNAME").stream()
                .findFirst()
                .map(target -> target.toLowerCase(Locale.ROOT).replaceFirst("\\.$", ""));
    }

    /// Whether the name has an address, by whatever way.
    public boolean hasAddress(String name) throws DnsFault {
        return !records(name, "A").isEmpty() || !records(name, "AAAA").isEmpty();
    }

    // JNDI wants this table; what DNS answers are texts, no objects are made of them as by other naming services
    @SuppressWarnings({"BanJNDI", "JdkObsolete"})
    private List<String> records(String name, String type) throws DnsFault {
        var environment = new Hashtable<String, String>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, server.map(NameService::url).orElse("dns:"));
        environment.put("com.sun.jndi.dns.timeout.initial", FIRST_TRY_MILLIS);
        environment.put("com.sun.jndi.dns.timeout.retries", TRIES);
        try {
            DirContext context = new InitialDirContext(environment);
            try {
                Attribute values =
                        context.getAttributes(name + ".", new String[] {type}).get(type);
                return values == null ? List.of() : texts(values);
            } finally {
                context.close();
            }
        } catch (NameNotFoundException e) {
            return List.of();
        } catch (NamingException e) {
            throw new DnsFault(
                    "the name service" + server.map(s -> " at " + s).orElse("") + " did not answer for '" + name + "' ("
                            + e.getMessage() + "); try again, or name a server with 'dns-server'",
                    e);
        }
    }

    private static List<String> texts(Attribute values) throws NamingException {
        var texts = new ArrayList<String>();
        NamingEnumeration<?> all = values.getAll();
        while (all.hasMore()) {
            texts.add(String.valueOf(all.next()));
        }
        return texts;
    }

    private static String url(HostPort server) {
        String host = server.host().indexOf(':') >= 0 ? "[" + server.host() + "]" : server.host();
        return "dns://" + host + ":" + server.port();
    }

    /// The JDK puts texts with blanks in quotes.
    private static String unquoted(String text) {
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }
}
