package pages

import (
	"github.com/gin-gonic/gin"

	"mashang/handlers/web"
)

// showPhotoToPlatform shows a photo to the platform while it is checking it. The token is random and opens one photo until
// there is an answer.
func (rt *routes) showPhotoToPlatform(c *gin.Context) {
	file, err := rt.desk.matters.OpenByToken(c.Request.Context(), c.Param("token"))
	if err != nil {
		rt.api.Refuse(c, web.Missing(err))
		return
	}
	web.ServeFile(c, file, web.NoStore)
}
