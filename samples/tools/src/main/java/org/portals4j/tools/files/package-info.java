/**
 * Moving files with Portals: a small protocol that shows the library at work.
 *
 * <p>Each process has three portals. <b>CONTROL</b> holds a ring of locally managed match entries:
 * peers put small messages into it and the target's library places them one behind the other.
 * <b>DATA</b> holds one match entry per open file, over the mapped file itself: the other side puts
 * into it or gets from it without a line of code running here. <b>PROBE</b> holds one entry of
 * eight bytes that takes any put; an acknowledged put to it proves that a process lives.
 *
 * <pre>
 *   client                                    server
 *     HELLO(version)            ---&gt;
 *                               &lt;---          WELCOME(version, window)
 *
 *     STORE(size, name)         ---&gt;          make name.part, map it, append a DATA entry
 *                               &lt;---          READY(matchBits)
 *     put, put, put ... with ACK  =====&gt;      (nothing runs here)
 *     COMMIT(matchBits, sha256) ---&gt;          unlink the entry, hash, compare, rename
 *                               &lt;---          STORED(sha256)
 *
 *     FETCH(name)               ---&gt;          map it, append a DATA entry, hash beside
 *                               &lt;---          EXPOSED(matchBits, size)
 *     get, get, get ...           &lt;=====      (nothing runs here)
 *     RELEASE(matchBits)        ---&gt;          unlink the entry
 *                               &lt;---          RELEASED(sha256)
 *
 *     BYE                       ---&gt;
 * </pre>
 *
 * <p>A message is a put whose header data carries its {@link org.portals4j.tools.files.MessageType
 * type} and the number of the request, so that many files are in flight at once; any request may be
 * answered by ERROR(text) instead. DATA entries accept only the process that asked for them. Every
 * put asks for an acknowledgement, so a dead peer shows as an operation that failed UNDELIVERABLE;
 * a side that has nothing under way and waits puts to the other's PROBE portal now and then, to
 * learn it then, too.
 */
@NullMarked
package org.portals4j.tools.files;

import org.jspecify.annotations.NullMarked;
