package io.postern.run.connector.log;

import io.postern.base.HostPort;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// RFC 6587 §3.4.1: the length in octets goes before each record. Connected when there is something to say, and again
/// once when the receiver has gone meanwhile.
final class SyslogTcp implements LogSink {
    private static final int CONNECT_MILLIS = 3_000;

    private final HostPort address;
    private final SyslogMessage form;
    private @Nullable Socket socket;

    SyslogTcp(HostPort address, SyslogMessage form) {
        this.address = address;
        this.form = form;
    }

    @Override
    public void write(List<LogRecord> records) throws IOException {
        boolean isFresh = socket == null;
        try {
            send(records);
        } catch (IOException e) {
            close();
            if (isFresh) {
                throw e;
            }
            send(records);
        }
    }

    private void send(List<LogRecord> records) throws IOException {
        OutputStream out = new BufferedOutputStream(connected().getOutputStream(), 64 << 10);
        for (LogRecord record : records) {
            byte[] bytes = form.bytes(record);
            out.write((bytes.length + " ").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
        }
        out.flush();
    }

    private Socket connected() throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket();
            open.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS);
            socket = open;
        }
        return open;
    }

    @Override
    public String name() {
        return "syslog at " + address + " (TCP)";
    }

    @Override
    public void close() {
        Socket open = socket;
        socket = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                System.err.println("postern connector: " + name() + ": " + e.getMessage());
            }
        }
    }
}
