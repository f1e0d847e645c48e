/// The connector's Admin and Session logs: from SLF4J to rotating files, syslog and OTLP. Nothing here ever makes an
/// event loop wait: records pass through one bounded queue, and what does not fit is dropped and counted.
@org.jspecify.annotations.NullMarked
package io.postern.run.connector.log;
