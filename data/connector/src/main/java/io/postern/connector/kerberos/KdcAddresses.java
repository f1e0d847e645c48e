package io.postern.connector.kerberos;

import io.postern.base.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The KDCs that a `krb5.conf` names for a realm, to see whether they are there. Who asks DNS for them has none
/// here.
final class KdcAddresses {
    private static final int PORT = 88;
    private static final Pattern REALM = Pattern.compile("\\s*([A-Za-z0-9._-]+)\\s*=\\s*\\{\\s*");
    private static final Pattern KDC = Pattern.compile("\\s*kdc\\s*=\\s*(\\S+)\\s*");

    private KdcAddresses() {}

    static List<HostPort> of(Path file, String realm) throws IOException {
        var found = new ArrayList<HostPort>();
        boolean ours = false;
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            Matcher begun = REALM.matcher(line);
            Matcher kdc = KDC.matcher(line);
            if (begun.matches()) {
                ours = begun.group(1).equals(realm);
            } else if (line.strip().equals("}")) {
                ours = false;
            } else if (ours && kdc.matches()) {
                String address = kdc.group(1).replaceFirst("^tcp/", "");
                int colon = address.lastIndexOf(':');
                found.add(
                        colon > 0 && address.substring(colon + 1).matches("[0-9]{1,5}")
                                ? new HostPort(
                                        address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))
                                : new HostPort(address, PORT));
            }
        }
        return List.copyOf(found);
    }
}
