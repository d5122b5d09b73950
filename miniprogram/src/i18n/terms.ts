/**
 * The English for terms of rosters that most stations share: sectors and categories. A station's own terms, like all
 * names, stay as they are written.
 */
export const englishTerms: Readonly<Record<string, string>> = {
  中共: "Communist Party", 工商联: "Business", 经济: "Economy", 少数民族: "Ethnic minorities", 宗教: "Religion", 医药卫生: "Health",
  教育: "Education", 文化旅游: "Culture and tourism", 科技: "Science and technology", 青联: "Youth", 农业: "Farming", 特邀: "Invited",
  文化艺术: "Arts", 体育: "Sports", 新闻出版: "Press", 社会福利和社会保障: "Welfare", 环境资源: "Environment", 妇联: "Women", 工会: "Trade unions", 民盟: "Democratic League",
  旅游服务: "Tourist services", 消费维权: "Consumer rights", 道路交通: "Roads and traffic", 饮水灌溉: "Water", 土地承包: "Land", 看病就医: "Health care",
  上学入园: "Schools", 务工工资: "Work and wages", 环境卫生: "Cleanliness", 网络通信: "Internet and phone", 邻里纠纷: "Neighbours", 民族宗教事务: "Ethnic and religious affairs",
};
