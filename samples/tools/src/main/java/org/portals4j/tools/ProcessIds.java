package org.portals4j.tools;

import org.portals4j.PortalsException;
import org.portals4j.ProcessId;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Addresses on the command line. */
final class ProcessIds implements ITypeConverter<ProcessId> {
    @Override
    public ProcessId convert(final String value) {
        try {
            return ProcessId.parse(value);
        } catch (final PortalsException e) {
            throw new TypeConversionException(
                    "'" + value + "' is not an address such as 127.0.0.1:4711");
        }
    }

    /** Node ids on the command line. */
    static final class Nids implements ITypeConverter<Integer> {
        @Override
        public Integer convert(final String value) {
            try {
                return ProcessId.parseNid(value);
            } catch (final NumberFormatException e) {
                throw new TypeConversionException(
                        "'" + value + "' is not a node id such as 127.0.0.1");
            }
        }
    }
}
