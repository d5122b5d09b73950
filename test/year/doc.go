// Package year lets a year of a station go by through its desk.
package year
