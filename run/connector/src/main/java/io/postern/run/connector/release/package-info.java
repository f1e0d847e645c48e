/// What a release is: a version, an archive, and a manifest that names both and is signed. Used by whoever makes
/// releases (`postern release`) and by the updater, which believes nothing else.
@org.jspecify.annotations.NullMarked
package io.postern.run.connector.release;
