/// One-time token → key and certificate request → certificate, and the files that keep them.
@org.jspecify.annotations.NullMarked
package io.postern.connector.enroll;
