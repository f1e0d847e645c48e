package io.postern.run.connector;

import io.postern.base.EnrollmentToken;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.net.dial.Dialler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the enrolment token comes from: a file, the first line of standard input, or an administrator who signs in.
/// Never the command line, which every user of the machine can read.
sealed interface TokenSource permits TokenSource.Place, SignInToken {
    int TOKEN_BYTES_MAX = 1_024;

    /// Called only when the connector has to register. May wait for a person.
    ///
    /// @param dialler the way to the service
    EnrollmentToken read(InputStream standardInput, Dialler dialler);

    /// A file, or `-`.
    static Place of(String place) {
        return new Place(place);
    }

    /// @param place a file's name, or `-` for standard input
    record Place(String place) implements TokenSource {
        @Override
        public EnrollmentToken read(InputStream standardInput, Dialler dialler) {
            return read(standardInput);
        }

        EnrollmentToken read(InputStream standardInput) {
            String text;
            try {
                text = place.equals("-") ? firstLine(standardInput) : Files.readString(Path.of(place));
            } catch (IOException e) {
                throw new ConnectorFault(
                        Kind.USAGE,
                        "the token file '" + place
                                + "' cannot be read; check --token-file, or mint a token with 'postern"
                                + " connector token'",
                        e);
            }
            try {
                return EnrollmentToken.parse(text);
            } catch (IllegalArgumentException e) {
                String from = place.equals("-") ? "standard input" : "'" + place + "'";
                throw new ConnectorFault(
                        Kind.USAGE,
                        "what " + from + " holds is no connector token; mint one with 'postern connector token'",
                        e);
            }
        }
    }

    /// Takes a line that may hold a token nobody needs.
    static void awaitLine(InputStream in) {
        try {
            firstLine(in);
        } catch (IOException e) {
            throw new ConnectorFault(Kind.INTERNAL, "standard input broke off: " + e.getMessage(), e);
        }
    }

    /// Byte by byte: what follows belongs to somebody else.
    private static String firstLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && line.size() < TOKEN_BYTES_MAX; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }
}
