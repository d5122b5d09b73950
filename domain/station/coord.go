package station

import "math"

// The bounds of coordinates in China, in degrees. A latitude is never as large as
// a longitude here, so that the order of two numbers says which is which.
const (
	minLat, maxLat = 3.0, 54.0
	minLng, maxLng = 73.0, 136.0
)

// Located reports whether coordinates are given and can be.
func Located(lat, lng float64) bool {
	return lat >= minLat && lat <= maxLat && lng >= minLng && lng <= maxLng
}

// The ellipsoid of Krasovsky 1940, on which gcj02 is computed.
const (
	gcjAxis         = 6378245.0
	gcjEccentricity = 0.00669342162296594323
)

// GCJ02 turns GPS coordinates (wgs84) into those of Chinese maps (gcj02), in
// degrees, by the published approximation; it is right to some metres. Those
// outside of China are returned as they are.
func GCJ02(lat, lng float64) (float64, float64) {
	if !Located(lat, lng) {
		return lat, lng
	}
	x, y := lng-105, lat-35
	wave := func(v, first, second float64) float64 {
		return (20*math.Sin(6*x*math.Pi)+20*math.Sin(2*x*math.Pi))*2/3 +
			(20*math.Sin(v*math.Pi)+40*math.Sin(v/3*math.Pi))*2/3 +
			(first*math.Sin(v/12*math.Pi)+second*math.Sin(v/30*math.Pi))*2/3
	}
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + wave(y, 160, 320)
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + wave(x, 150, 300)
	sine := math.Sin(lat / 180 * math.Pi)
	root := 1 - gcjEccentricity*sine*sine
	north = north * 180 / (gcjAxis * (1 - gcjEccentricity) / (root * math.Sqrt(root)) * math.Pi)
	east = east * 180 / (gcjAxis / math.Sqrt(root) * math.Cos(lat/180*math.Pi) * math.Pi)
	return lat + north, lng + east
}

func (c *checker) located(table string, row int, lat, lng float64) {
	c.require(lat == 0 && lng == 0 || Located(lat, lng), table, row, "coord",
		"坐标须在国内，写成“纬度，经度”，如 35.601234，103.206543")
}
